/** What a checker did wrong; its message is that of the finding. */
export class CheckerFaultError extends Error {
  override readonly name = 'CheckerFaultError';
}
