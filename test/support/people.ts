/** People of a test city; the demo makes its own in the same way. */
export { type City, openCity, type TestPerson } from '../../src/cli/demo/city.ts';
