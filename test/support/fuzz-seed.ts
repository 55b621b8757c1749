/** In CI the properties try the same cases each time, so that a red run can be run again; elsewhere every run tries others. */
import fc from 'fast-check';

if (process.env.CI === 'true') fc.configureGlobal({ seed: 20_261_125 });
