export { type AttachableServer, type Attachment, attach } from './adapters/attach.ts';
export { type FetchHandler, fetchHandler } from './adapters/fetch.ts';
export { type HealthServer, listen } from './adapters/listen.ts';
export type { ListenOptions } from './adapters/listen-options.ts';
export { type Middleware, middleware } from './adapters/middleware.ts';
export type { NodeResponse } from './adapters/node-reply.ts';
export type { NodeRequest } from './adapters/node-request.ts';
export { type EventLoopOptions, eventLoop } from './checkers/event-loop.ts';
export { type HeapOptions, heap } from './checkers/heap.ts';
export type { PostgresClient, PostgresPool } from './checkers/postgres/pool-connection-source.ts';
export { type PostgresOptions, postgres } from './checkers/postgres/postgres.ts';
export { uptime } from './checkers/uptime.ts';
export type { DetailCheck, DetailReport } from './formats/detail-report.ts';
export type {
  CheckContext,
  Checker,
  CheckerKind,
  CheckFunction,
  CheckOptions,
  CheckReturn,
  FailOn,
} from './health/checker.ts';
export { HealthController } from './health/controller.ts';
export type { ControllerOptions } from './health/controller-options.ts';
export { type CheckTimeoutError, isCheckTimeoutError } from './health/errors.ts';
export type { CheckChange, GroupChange, HealthEvents, HealthListener } from './health/events.ts';
export type { HistoryEntry } from './health/history.ts';
export type { CheckReport, Report, ReportStatus, ServiceInfo } from './health/report.ts';
export {
  type CheckResult,
  type CheckStatus,
  error,
  ok,
  type ResultFields,
  type Unit,
  warning,
} from './health/result.ts';
export type { HealthSource } from './health/source.ts';
export { bearerToken } from './http/bearer-token.ts';
export type { DetailsPolicy } from './http/details-policy.ts';
export type { HttpOptions, MetricsSource } from './http/options.ts';
export type { ProbeRequest } from './http/probe-request.ts';
export { ConfigError, isConfigError } from './internal/config-error.ts';
export type { Logger } from './internal/logger.ts';
export { redact } from './internal/redact/redact.ts';
export type { Clock, TimerHandle } from './internal/time.ts';
export type { GracefulServer } from './server/graceful-server.ts';
export { type GracefulShutdown, gracefulShutdown, type ShutdownCall } from './shutdown/index.ts';
export type { NamedShutdownHook, ShutdownHook, ShutdownOptions } from './shutdown/options.ts';
export type { ClosesLast, ShutdownTarget } from './shutdown/target.ts';
