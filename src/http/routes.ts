import { ALL_GROUP, LIVE_GROUP, READY_GROUP, STARTUP_GROUP } from '../health/group.ts';
import type { HealthSource } from '../health/source.ts';
import type { HttpSettings } from './options.ts';

/** What a path asks for. */
export interface Route {
  /** The group it answers for; undefined for the metrics path. */
  readonly group: string | undefined;
}

/** `http://host` or `https://host:port` in front of an absolute-form request target (RFC 9112, 3.2.2). */
const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

/** Finds out what a request target asks for. A request that is not ours costs a comparison or two. */
export class Routes {
  readonly #health: HealthSource;
  readonly #basePrefix: string;
  readonly #routes = new Map<string, Route>();
  /** What every path of ours begins with. */
  readonly #beginnings: readonly string[];

  constructor(health: HealthSource, settings: HttpSettings) {
    this.#health = health;
    this.#basePrefix = settings.path === '/' ? '/' : `${settings.path}/`;
    this.#add(settings.path, ALL_GROUP);
    for (const group of [LIVE_GROUP, READY_GROUP, STARTUP_GROUP]) this.#add(this.#basePrefix + group, group);
    for (const [path, group] of Object.entries(settings.paths)) this.#add(path, group);
    if (settings.metrics !== undefined) this.#add(settings.metricsPath, undefined);
    this.#beginnings = beginningsOf([...this.#routes.keys()]);
  }

  /** The route of a request target as the prober sent it, whatever its query; undefined if it is not ours. */
  find(target: string): Route | undefined {
    if (!this.#mayBeOurs(target))
      return target.charCodeAt(0) === SLASH ? undefined : this.#findAbsolute(target);
    return this.#routes.get(target) ?? this.#findPath(target);
  }

  #mayBeOurs(target: string): boolean {
    for (const beginning of this.#beginnings) if (target.startsWith(beginning)) return true;
    return false;
  }

  #findAbsolute(target: string): Route | undefined {
    const path = target.replace(ABSOLUTE_FORM, '');
    if (path.length === target.length || !this.#mayBeOurs(path)) return undefined;
    return this.#findPath(path);
  }

  #findPath(target: string): Route | undefined {
    const query = target.indexOf('?');
    let path = query === -1 ? target : target.slice(0, query);
    if (path.length > 1 && path.charCodeAt(path.length - 1) === SLASH) path = path.slice(0, -1);
    return this.#routes.get(path) ?? this.#findNamed(path);
  }

  /** Custom groups and single checks come and go, so they are looked up. */
  #findNamed(path: string): Route | undefined {
    if (!path.startsWith(this.#basePrefix)) return undefined;
    const group = path.slice(this.#basePrefix.length);
    return group !== ALL_GROUP && this.#health.has(group) ? { group } : undefined;
  }

  #add(path: string, group: string | undefined): void {
    this.#routes.set(path, { group });
  }
}

const SLASH = 47;

/** The paths without those that another one begins: one comparison for the base path and everything below it. */
function beginningsOf(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && path.startsWith(other)));
}
