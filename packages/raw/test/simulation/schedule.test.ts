import { Schedule } from '../../src/simulation/schedule.js';

test('promises that follow from a step settle before the next one, however many', async () => {
  const schedule = new Schedule();
  const order: string[] = [];
  schedule.after(1, async () => {
    for (let depth = 0; depth < 50; depth++) await undefined;
    order.push('promises');
  });
  schedule.after(1, () => order.push('next step'));
  await schedule.run(2);
  expect(order).toEqual(['promises', 'next step']);
});

test('timers of the real world have their turn in a long run', async () => {
  const schedule = new Schedule();
  let steps = 0;
  let stepsAtTimer = -1;
  const again = (): void => {
    if (++steps < 200_000 && stepsAtTimer < 0) schedule.after(1, again);
  };
  schedule.after(1, again);
  setTimeout(() => {
    stepsAtTimer = steps;
  }, 1);
  await schedule.run(1_000_000);
  expect(stepsAtTimer).toBeGreaterThan(0);
  expect(steps).toBe(stepsAtTimer + 1);
});
