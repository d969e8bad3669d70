import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { cgroupMemory, type MemoryFigures } from './cgroup.ts';

/** Where the figures come from. */
export interface MemorySource {
  /** What limits the process: its container, or the machine. */
  readonly limitedBy: 'container' | 'machine';
  readonly figures: MemoryFigures;
}

/** What limits this process now, and how much of that is in use. */
export function readMemory(): MemorySource {
  const machineBytes = totalmem();
  const cgroup = cgroupMemory(readFile, machineBytes);
  if (cgroup !== undefined) return { limitedBy: 'container', figures: cgroup };
  // Since Node 19.6 and 18.15; 0, undefined or a huge number without a limit. Other processes under the same limit are not counted.
  const limitBytes = process.constrainedMemory?.() ?? 0;
  if (limitBytes > 0 && limitBytes < machineBytes) {
    return { limitedBy: 'container', figures: { limitBytes, usedBytes: process.memoryUsage.rss() } };
  }
  return { limitedBy: 'machine', figures: { limitBytes: machineBytes, usedBytes: machineBytes - freemem() } };
}

/** Synchronous: the kernel provides these files, so reading them never waits for a disk. */
function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
