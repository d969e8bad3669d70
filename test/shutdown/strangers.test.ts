import { NODE } from '../helpers/runtimes.ts';
import { strangersSuite } from './strangers-suite.ts';

strangersSuite(NODE);
