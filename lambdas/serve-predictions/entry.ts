import { findVariable, readVariable } from '../../lib/wire/environment.ts';
import { house, once } from '../../lib/wire/house.ts';
import { step } from '../answer-http.ts';
import { afterAnswer, withWorkAfter } from '../cloud/after-answer.ts';
import { logFault } from '../cloud/log.ts';
import {
  cloudCapture,
  cloudClock,
  cloudIds,
  cloudMetricWriter,
  cloudObjects,
  cloudRecords,
  cloudRegistry,
  cloudSecret,
} from '../cloud/services.ts';
import { predictionsApp } from './predictions-app.ts';

// The one thing an entry does when it is imported: Lambda takes extensions only while a function starts.
const after = afterAnswer(process.env, logFault);

/** Nothing is kept of requests that came before the services were there. */
let flush = async (): Promise<void> => {};

const services = once(() => {
  const made = predictionsApp({
    objects: cloudObjects(process.env),
    registry: cloudRegistry(cloudRecords(process.env)),
    capture: cloudCapture(process.env),
    metrics: cloudMetricWriter(process.env),
    clock: cloudClock,
    ids: cloudIds(),
    secret: once(() => cloudSecret(process.env)),
    frontDoorAuth: readVariable(process.env, 'frontDoorAuth'),
    productVersion: findVariable(process.env, 'codeVersion') ?? '0',
  });
  ({ flush } = made);
  return made;
});

/** Called by Lambda, for the HTTP API or the function's own address. */
export const handler = withWorkAfter(house(step, services), after, () => flush());
