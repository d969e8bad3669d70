import { engineOf, type HealthSource } from '../health/source.ts';
import type { HttpOptions } from '../http/options.ts';
import type { Reply } from '../http/reply.ts';
import { Responder } from '../http/responder.ts';
import { failureMessage } from '../internal/error-text.ts';
import { LimitedLog, type Logger } from '../internal/logger.ts';
import { isThenable } from '../internal/promises.ts';
import { type NodeResponse, type OwnMethods, ownMethods, send, sendFailure } from './node-reply.ts';
import { type NodeRequest, nodeRequests } from './node-request.ts';

/** Health on Node's servers: what the adapters for them share. */
export class NodeHandler {
  readonly logger: Logger;
  readonly #responder: Responder<NodeRequest>;
  readonly #log: LimitedLog;
  // Not imported: since Node 22 an `import` of it also loads the WebSocket client that it exports.
  readonly #own: OwnMethods | undefined = ownMethods(
    process.getBuiltinModule('node:http').ServerResponse.prototype,
  );

  /** @throws ConfigError with every issue in controller and options */
  constructor(health: HealthSource, options?: HttpOptions) {
    this.#responder = new Responder(nodeRequests, health, options);
    const { clock, logger } = engineOf(health);
    this.logger = logger;
    this.#log = new LimitedLog(() => clock.now());
  }

  /**
   * Answers a health request, now or as soon as its checks have run. Returns false, and touches nothing, if it is not one.
   * Never throws.
   *
   * @param target what the prober sent
   * @param rest below the mount point of a router: what remains of the target after it
   */
  handle(target: string, request: NodeRequest, response: NodeResponse, rest?: string): boolean {
    const answer = this.#responder.answer(target, request, rest);
    if (answer === undefined) return false;
    if (answer instanceof Promise) void answer.then((reply) => this.send(reply, request, response));
    else this.send(answer, request, response);
    return true;
  }

  /** Sends a reply, or a 503 where that throws. */
  send(reply: Reply, request: NodeRequest, response: NodeResponse): void {
    try {
      const ended = send(reply, request, response, this.#own);
      if (isThenable(ended))
        void Promise.resolve(ended).catch((thrown: unknown) => this.#fail(thrown, request, response));
    } catch (thrown) {
      this.#fail(thrown, request, response);
    }
  }

  #fail(thrown: unknown, request: NodeRequest, response: NodeResponse): void {
    const reason = failureMessage(thrown, 'the response');
    const outcome = sendFailure(request, response);
    this.#log.write((more) =>
      this.logger.error(
        { reason },
        `A health reply could not be sent, because something wrapped around the response threw; ${outcome}${more}`,
      ),
    );
  }
}
