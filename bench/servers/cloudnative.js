/** @cloudnative/health-connect on Express: runs its checks for each request. */
import { createServer } from 'node:http';
import connect from '@cloudnative/health-connect';
import express from 'express';
import { serve } from './common/serve.js';
import { check, names } from './common/workload.js';

const checker = new connect.HealthChecker();
for (const name of names) checker.registerReadinessCheck(new connect.ReadinessCheck(name, () => check()));
const app = express();
app.use('/health', connect.HealthEndpoint(checker));
await serve(createServer(app), '/health');
