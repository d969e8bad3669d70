/** lightship: a server of its own, which answers from flags. It has no checks. */
import { createLightship } from 'lightship';
import { announce } from './common/serve.js';

const lightship = await createLightship({ port: 0, detectKubernetes: false, signals: [] });
lightship.signalReady();
announce(lightship.server.address().port, '/health');
