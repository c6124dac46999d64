import { behaviours } from './behaviours.js';

afterEach(() => {
  jest.restoreAllMocks();
});

test.each(Object.entries(behaviours))('%s does what it says', async (_name, behaviour) => {
  await behaviour();
});
