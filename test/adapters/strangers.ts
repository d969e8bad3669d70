import compression from 'compression';
import compression174 from 'compression-1.7.4';
import compressionOldest from 'compression-oldest';
import cookieSession from 'cookie-session';
import cookieSession200 from 'cookie-session-2.0.0';
import cookieSessionOldest from 'cookie-session-oldest';
import cors from 'cors';
import cors285 from 'cors-2.8.5';
import corsOldest from 'cors-oldest';
import session from 'express-session';
import session1173 from 'express-session-1.17.3';
import sessionOldest from 'express-session-oldest';
import helmet from 'helmet';
import helmet7 from 'helmet-7';
import helmetOldest from 'helmet-oldest';
import morgan from 'morgan';
import morgan1100 from 'morgan-1.10.0';
import morganOldest from 'morgan-oldest';
import responseTime from 'response-time';
import responseTime232 from 'response-time-2.3.2';
import responseTimeOldest from 'response-time-oldest';
import type { Middleware } from '../../src/adapters/middleware.ts';

const lines = { write: () => undefined };
const sessions = { secret: 'test', resave: true, saveUninitialized: true, key: 'sid', cookie: {} };
const cookies = { keys: ['test'], name: 'session' };

/** A cookie session leaves no header unless something is in it. */
const visited =
  (inner: (request: unknown, response: unknown, next: () => void) => void) =>
  (request: { session?: Record<string, unknown> }, response: unknown, next: () => void) =>
    inner(request, response, () => {
      if (request.session) request.session.visited = true;
      next();
    });

/** The oldest sessions need what cookie-parser leaves. */
const parsed =
  (inner: (request: unknown, response: unknown, next: () => void) => void) =>
  (request: object, response: unknown, next: () => void) =>
    inner(Object.assign(request, { cookies: {}, signedCookies: {} }), response, next);

/** What people put in front of their routes, in the oldest version, the most used of the old ones, and the newest. */
export const STRANGERS: Readonly<Record<string, () => Middleware>> = {
  'morgan 1.0.0': () => morganOldest({ format: 'combined', stream: lines }),
  'morgan 1.10.0': () => morgan1100('combined', { stream: lines }),
  morgan: () => morgan('combined', { stream: lines }),
  'compression 1.0.0': () => compressionOldest({ threshold: 0 }),
  'compression 1.7.4': () => compression174({ threshold: 0 }),
  compression: () => compression({ threshold: 0 }),
  'express-session 1.0.2': () => parsed(sessionOldest(sessions)) as Middleware,
  'express-session 1.17.3': () => session1173(sessions),
  'express-session': () => session(sessions),
  'response-time 1.0.0': () => responseTimeOldest(),
  'response-time 2.3.2': () => responseTime232(),
  'response-time': () => responseTime(),
  'cookie-session 1.0.0': () => visited(cookieSessionOldest(cookies)) as Middleware,
  'cookie-session 2.0.0': () => visited(cookieSession200(cookies)) as Middleware,
  'cookie-session': () => visited(cookieSession(cookies)) as Middleware,
  'helmet 1.0.0': () => helmetOldest(),
  'helmet 7': () => helmet7() as Middleware,
  helmet: () => helmet() as Middleware,
  'cors 1.0.0': () => corsOldest({ origin: 'https://a.example' }),
  'cors 2.8.5': () => cors285({ origin: 'https://a.example' }),
  cors: () => cors({ origin: 'https://a.example' }),
};

/** A middleware that wraps every way to write, and passes on what it is given as people write it. */
export const wrapsEverything: Middleware = (_request, response, next) => {
  const { writeHead, setHeader, write, end } = response as unknown as Record<
    string,
    (...parts: never[]) => unknown
  >;
  const seen = response as unknown as Record<string, unknown>;
  seen.setHeader = (name: string, value: string) => setHeader?.call(response, ...([name, value] as never[]));
  seen.writeHead = (code: number, reason?: string | object, headers?: object) => {
    const fields = typeof reason === 'object' ? reason : headers;
    // An object is what most expect.
    for (const [name, value] of Object.entries(fields ?? {}))
      setHeader?.call(response, ...([name, value] as never[]));
    return writeHead?.call(response, ...([code] as never[]));
  };
  seen.write = (chunk: string, encoding?: string) => write?.call(response, ...([chunk, encoding] as never[]));
  seen.end = (chunk?: string | Buffer, encoding?: string) => {
    setHeader?.call(response, ...(['X-Length', String(chunk?.length ?? 0)] as never[]));
    return end?.call(response, ...([chunk, encoding] as never[]));
  };
  next?.();
};
