/** What it costs to look for credentials in a message, in a process of its own. */
import { redact } from '../../dist/index.js';
import { cpuUs } from '../lib/cpu.js';

const { text, calls = 200_000 } = JSON.parse(process.argv[2]);

for (let call = 0; call < calls; call++) redact(text);
const start = cpuUs();
for (let call = 0; call < calls; call++) redact(text);
const result = { us: (cpuUs() - start) / calls };
process.stdout.write(JSON.stringify(result), () => process.exit());
