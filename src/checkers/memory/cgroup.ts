/** Returns a file's content, or undefined where it cannot be read. */
export type ReadFile = (path: string) => string | undefined;

/** How much memory a group of processes may use, and uses, in bytes. */
export interface MemoryFigures {
  readonly limitBytes: number;
  /** Without the page cache and other memory that the kernel takes back before it kills. */
  readonly usedBytes: number;
}

/** Where a version of cgroups keeps its figures. */
interface Version {
  readonly mount: string;
  readonly limit: string;
  readonly usage: string;
  /** The keys of `memory.stat` that count what can be reclaimed. */
  readonly reclaimable: readonly string[];
}

/** Documentation/admin-guide/cgroup-v2.rst of the Linux kernel. */
const V2: Version = {
  mount: '/sys/fs/cgroup',
  limit: 'memory.max',
  usage: 'memory.current',
  reclaimable: ['inactive_file', 'active_file', 'slab_reclaimable'],
};

/** Documentation/admin-guide/cgroup-v1/memory.rst of the Linux kernel. */
const V1: Version = {
  mount: '/sys/fs/cgroup/memory',
  limit: 'memory.limit_in_bytes',
  usage: 'memory.usage_in_bytes',
  reclaimable: ['total_inactive_file', 'total_active_file'],
};

/**
 * The figures of the fullest among this process's cgroup and those above it; undefined if none has a limit. A limit at or
 * above the machine's memory does not count.
 */
export function cgroupMemory(read: ReadFile, machineBytes: number): MemoryFigures | undefined {
  const membership = read('/proc/self/cgroup') ?? '';
  const v1Path = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)/m.exec(membership)?.[1];
  const [version, path] =
    v1Path === undefined ? [V2, /^0::(.*)/m.exec(membership)?.[1] ?? '/'] : [V1, v1Path];
  let fullest: MemoryFigures | undefined;
  for (const folder of foldersUpTo(version.mount, path)) {
    const figures = figuresOf(folder, version, read, machineBytes);
    if (figures !== undefined && (fullest === undefined || fullness(figures) > fullness(fullest)))
      fullest = figures;
  }
  return fullest;
}

/** The group's own folder, those above it, and the mount itself: in a container the path may be the host's and not exist. */
function foldersUpTo(mount: string, path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return [...parts.map((_, index) => [mount, ...parts.slice(0, parts.length - index)].join('/')), mount];
}

function figuresOf(
  folder: string,
  version: Version,
  read: ReadFile,
  machineBytes: number,
): MemoryFigures | undefined {
  const limitBytes = numberIn(read(`${folder}/${version.limit}`));
  if (limitBytes === undefined || limitBytes >= machineBytes) return undefined;
  const usageBytes = numberIn(read(`${folder}/${version.usage}`));
  if (usageBytes === undefined) return undefined;
  const statistics = read(`${folder}/memory.stat`) ?? '';
  let reclaimableBytes = 0;
  for (const key of version.reclaimable) {
    reclaimableBytes += numberIn(new RegExp(`^${key} (\\d+)$`, 'm').exec(statistics)?.[1]) ?? 0;
  }
  return { limitBytes, usedBytes: Math.max(0, usageBytes - reclaimableBytes) };
}

function fullness({ usedBytes, limitBytes }: MemoryFigures): number {
  return usedBytes / limitBytes;
}

/** Undefined for `max`, which means no limit. */
function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}
