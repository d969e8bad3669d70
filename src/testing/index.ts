export { CheckerFaultError } from './checker-fault-error.ts';
export {
  type CheckerFinding,
  type CheckerWorld,
  checkerFaults,
  type MakeChecker,
  type TestFunction,
} from './checker-faults.ts';
export type { CheckerSubject, Emitter } from './checker-subject.ts';
export type { CustomFault, Freezer } from './custom-fault.ts';
export { FakeChecker, fakeChecker } from './fake-checker.ts';
export { TcpProxy } from './tcp-proxy.ts';
export { settle, VirtualClock } from './virtual-clock.ts';
