import { NODE } from '../helpers/runtimes.ts';
import { http2Suite } from './http2-suite.ts';

http2Suite(NODE);
