/** What a checker did wrong: the message of a finding. */
export class CheckerFaultError extends Error {
  override readonly name = 'CheckerFaultError';
}
