import { readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../statemachines');

export const machineNames = ['collect-batch', 'train-and-promote', 'roll-out'] as const;

/** `TrainModel` is the function `train-model`; in the cloud the same placeholder becomes an ARN. */
const kebab = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();

/** The state machine files as they are, every placeholder replaced by the local name of what it stands for. */
export const readMachines = (): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    machineNames.map((name) => {
      const text = readFileSync(path.join(folder, `${name}.asl.json`), 'utf8');
      return [name, JSON.parse(text.replace(/\$\{(\w+)\}/g, (_, placeholder: string) => kebab(placeholder)))];
    }),
  );
