/** @nestjs/terminus on Express, plain, and behind a cache written by hand, as its users do: it has none. */
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { announce } from './common/serve.js';
import { check, names, workload } from './common/workload.js';

const indicators = names.map((name) => async () => {
  await check();
  return { [name]: { status: 'up' } };
});

class HealthRoute {
  #kept;
  #until = 0;

  constructor(service) {
    this.service = service;
  }

  check() {
    if (workload.variant !== 'cached') return this.service.check(indicators);
    if (Date.now() >= this.#until) {
      this.#until = Date.now() + workload.cacheMs;
      this.#kept = this.service.check(indicators);
    }
    return this.#kept;
  }
}

class AppModule {}

// Decorators without their syntax, which plain JavaScript does not have.
Reflect.defineMetadata('design:paramtypes', [HealthCheckService], HealthRoute);
Get()(HealthRoute.prototype, 'check', Object.getOwnPropertyDescriptor(HealthRoute.prototype, 'check'));
Controller('health')(HealthRoute);
Module({ imports: [TerminusModule.forRoot({ logger: false })], controllers: [HealthRoute] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, '127.0.0.1');
announce(app.getHttpServer().address().port, '/health');
