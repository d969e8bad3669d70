process.env.SOAK_SECONDS ??= '60';
await import('../soak/ten-minutes.ts');
