import { ALL_GROUP, LIVE_GROUP, READY_GROUP, STARTUP_GROUP } from '../health/group.ts';

/** What a path serves. */
export interface Route {
  /** The group that it serves; undefined for the metrics path. */
  readonly group: string | undefined;
}

/** Where health is mounted. Plain data. */
export interface RouteSettings {
  /** The base path. */
  readonly path: string;
  /** More paths, each with its group. */
  readonly paths: Readonly<Record<string, string>>;
  /** Undefined where there are no metrics. */
  readonly metricsPath: string | undefined;
  /** True if the caller chose the metrics path, so that it also counts below a router's mount point. */
  readonly isMetricsPathGiven: boolean;
}

/** `http://host` or `https://host:port` in front of an absolute-form request target (RFC 9112, 3.2.2). */
const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

type Table = ReadonlyMap<string, Route>;

/** Finds the route of a request target. A request that is not for health costs a comparison or two. */
export class Routes {
  readonly #groups: { has(group: string): boolean };
  readonly #isRoot: boolean;
  readonly #basePrefix: string;
  readonly #routes: Table;
  /** The routes that also count below the mount point of a router. */
  readonly #mounted: Table;
  /** The beginnings of all health paths. */
  readonly #beginnings: readonly string[];

  /** @param groups knows the custom groups and single checks, which come and go */
  constructor(settings: RouteSettings, groups: { has(group: string): boolean }) {
    const { path, paths, metricsPath, isMetricsPathGiven } = settings;
    this.#groups = groups;
    this.#isRoot = path === '/';
    this.#basePrefix = this.#isRoot ? '/' : `${path}/`;
    const mounted = new Map<string, Route>([[path, { group: ALL_GROUP }]]);
    for (const group of [LIVE_GROUP, READY_GROUP, STARTUP_GROUP])
      mounted.set(this.#basePrefix + group, { group });
    for (const [own, group] of Object.entries(paths)) mounted.set(own, { group });
    const routes = new Map(mounted);
    if (metricsPath !== undefined) {
      routes.set(metricsPath, { group: undefined });
      if (isMetricsPathGiven) mounted.set(metricsPath, { group: undefined });
    }
    this.#routes = routes;
    this.#mounted = mounted;
    this.#beginnings = beginningsOf([...routes.keys()]);
  }

  /** The route of a request target as the prober sent it, whatever its query; undefined if it is not for health. */
  find(target: string): Route | undefined {
    if (!this.#mayBeOurs(target))
      return target.charCodeAt(0) === SLASH ? undefined : this.#findAbsolute(target);
    return this.#routes.get(target) ?? this.#findPath(target, this.#routes);
  }

  /**
   * The route of a request that came through the mount point of a router.
   *
   * @param target what the prober sent
   * @param rest what remains of it after the mount point
   * @returns the route, and `isRest` if the rest matched and not the whole
   */
  findMounted(target: string, rest: string): { route: Route; isRest: boolean } | undefined {
    // With `/` as base path every request would be for health, so it means the root of the router.
    const whole = this.#isRoot ? undefined : this.find(target);
    if (whole !== undefined) return { route: whole, isRest: false };
    const route = this.#findPath(rest.replace(ABSOLUTE_FORM, ''), this.#mounted);
    return route === undefined ? undefined : { route, isRest: true };
  }

  #mayBeOurs(target: string): boolean {
    for (const beginning of this.#beginnings) if (target.startsWith(beginning)) return true;
    return false;
  }

  #findAbsolute(target: string): Route | undefined {
    const rest = target.replace(ABSOLUTE_FORM, '');
    if (rest.length === target.length) return undefined;
    const path = withSlash(rest);
    return this.#mayBeOurs(path) ? this.#findPath(path, this.#routes) : undefined;
  }

  #findPath(target: string, table: Table): Route | undefined {
    const path = pathOf(target);
    return table.get(path) ?? this.#findNamed(path);
  }

  #findNamed(path: string): Route | undefined {
    if (!path.startsWith(this.#basePrefix)) return undefined;
    const group = path.slice(this.#basePrefix.length);
    return group !== ALL_GROUP && this.#groups.has(group) ? { group } : undefined;
  }
}

const SLASH = 47;

/** `http://host` and `http://host?query` have an empty path, which is the same as `/` (RFC 9110, 4.2.3). */
function withSlash(path: string): string {
  return path === '' || path.startsWith('?') ? `/${path}` : path;
}

/** Without query, and without one trailing slash. */
function pathOf(target: string): string {
  const query = target.indexOf('?');
  const path = query === -1 ? target : target.slice(0, query);
  return path.length > 1 && path.charCodeAt(path.length - 1) === SLASH ? path.slice(0, -1) : path;
}

/** The paths that do not start with another one: the base path and everything below it need one comparison. */
function beginningsOf(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && path.startsWith(other)));
}

/** The mount point of a router: the part of a target before the rest; empty at the root. */
export function mountOf(target: string, rest: string): string {
  const path = pathOf(target.replace(ABSOLUTE_FORM, ''));
  const below = pathOf(rest.replace(ABSOLUTE_FORM, ''));
  return below === '/' ? path : path.slice(0, path.length - below.length);
}
