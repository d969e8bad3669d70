/** express-actuator: says that it is up. It has no checks. */
import { createServer } from 'node:http';
import express from 'express';
import actuator from 'express-actuator';
import { serve } from './common/serve.js';

await serve(createServer(express().use(actuator())), '/health');
