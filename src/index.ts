export { type HeapOptions, heap } from './checkers/heap.ts';
export { type PostgresOptions, postgres } from './checkers/postgres.ts';
export type { PostgresClient, PostgresPool } from './checkers/postgres-pool.ts';
export { uptime } from './checkers/uptime.ts';
export type {
  CheckContext,
  Checker,
  CheckerKind,
  CheckFunction,
  CheckOptions,
  CheckReturn,
  FailOn,
} from './core/checker.ts';
export type { Clock, TimerHandle } from './core/clock.ts';
export { HealthController } from './core/controller.ts';
export { CheckTimeoutError, ConfigError, isCheckTimeoutError, isConfigError } from './core/errors.ts';
export type { ChangeEvent, HealthEvents, HealthListener } from './core/events.ts';
export type { HistoryEntry } from './core/history.ts';
export type { Logger } from './core/logger.ts';
export { type ControllerOptions, DEFAULTS, type Defaults, type ServiceInfo } from './core/options.ts';
export { redact } from './core/redact.ts';
export type { CheckReport, Report, ReportStatus } from './core/report.ts';
export {
  type CheckResult,
  type CheckStatus,
  error,
  ok,
  type ResultFields,
  type Unit,
  warning,
} from './core/result.ts';
export type { DetailCheck, DetailReport } from './formats/detail-report.ts';
export { type Attachment, attach } from './http/attach.ts';
export { bearerToken } from './http/bearer-token.ts';
export {
  type HealthServer,
  LISTEN_DEFAULTS,
  type ListenDefaults,
  type ListenOptions,
  listen,
} from './http/listen.ts';
export { type Middleware, middleware } from './http/middleware.ts';
export {
  type DetailsPolicy,
  HTTP_DEFAULTS,
  type HttpDefaults,
  type HttpOptions,
  type MetricsSource,
} from './http/options.ts';
export type { GracefulServer } from './shutdown/connections.ts';
export {
  type NamedShutdownHook,
  SHUTDOWN_DEFAULTS,
  type ShutdownDefaults,
  type ShutdownHook,
  type ShutdownOptions,
} from './shutdown/options.ts';
export { type GracefulShutdown, gracefulShutdown } from './shutdown.ts';
