import { NODE } from '../helpers/runtimes.ts';
import { signalSuite } from './signal-suite.ts';

signalSuite(NODE);
