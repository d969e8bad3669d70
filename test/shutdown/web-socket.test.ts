import { NODE } from '../helpers/runtimes.ts';
import { webSocketSuite } from './web-socket-suite.ts';

webSocketSuite(NODE);
