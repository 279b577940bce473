export { accountForTests, archiveKeyOf, keyOf } from './account-for-tests.ts';
export { broughtLamps } from './brought-lamps.ts';
export { eventually } from './eventually.ts';
export { csv, type Lamp, lampSpec, lamps, noisyLamps } from './lamps.ts';
export { laptopForTests, type TestLaptop } from './laptop-for-tests.ts';
