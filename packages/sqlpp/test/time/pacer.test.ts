import { Pacer } from '../../src/time/pacer.js';

describe('the pace of work', () => {
  test('begins with one piece, and grows while stretches take little time', () => {
    const pacer = new Pacer();
    const lengths = Array.from({ length: 4 }, () => {
      const { length } = pacer;
      pacer.note(0.1);
      return length;
    });
    expect(lengths).toEqual([1, 2, 4, 8]);
  });

  test('shrinks when stretches take long, to one piece at last', () => {
    const pacer = new Pacer();
    for (let time = 0; time < 30; time++) pacer.note(0.1);
    expect(pacer.length).toBe(65_536);
    pacer.note(10);
    expect(pacer.length).toBe(32_768);
    for (let time = 0; time < 30; time++) pacer.note(10);
    expect(pacer.length).toBe(1);
  });

  test('is due after each piece that is much work', () => {
    const pacer = new Pacer();
    for (let piece = 0; piece < 5; piece++) {
      const end = performance.now() + 5;
      while (performance.now() < end);
      expect(pacer.isDue()).toBe(true);
    }
  });
});
