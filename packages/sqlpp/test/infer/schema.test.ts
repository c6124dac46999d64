import { inferOptions, inferSchema } from '../../src/infer/schema.js';

const OPTIONS = inferOptions(undefined);
const PEOPLE = [
  { kind: 'person', name: 'Ann', age: 30, tags: ['a', 'b'] },
  { kind: 'person', name: 'Bob', age: null, tags: [] },
  { kind: 'person', name: 'Cy', age: 50, tags: ['a', 7] },
];
const PLACES = [
  { at: { lat: 1, lon: 2 }, city: 'X' },
  { at: { lat: 3 }, city: 'Y' },
];

describe('INFER', () => {
  it('tells flavors of documents apart, the largest first, by the values that are always the same', () => {
    const [people, places] = inferSchema([...PLACES, ...PEOPLE], OPTIONS) as readonly object[];
    expect(people).toMatchObject({ '#docs': 3, Flavor: '`kind` = "person"', type: 'object' });
    expect(places).toMatchObject({ '#docs': 2, Flavor: '' });
  });

  it('describes fields of one type and of several', () => {
    const [people] = inferSchema(PEOPLE, OPTIONS) as readonly { properties: object }[];
    expect(people?.properties).toEqual({
      kind: { '#docs': 3, '%docs': 100, samples: ['person'], type: 'string' },
      name: { '#docs': 3, '%docs': 100, samples: ['Ann', 'Bob', 'Cy'], type: 'string' },
      age: { '#docs': [1, 2], '%docs': [33.33, 66.67], samples: [[null], [30, 50]], type: ['null', 'number'] },
      tags: {
        '#docs': 3,
        '%docs': 100,
        samples: [[], ['a', 7], ['a', 'b']],
        type: 'array',
        items: { type: ['number', 'string'] },
        minItems: 0,
        maxItems: 2,
      },
    });
  });

  it('describes objects inside', () => {
    const [places] = inferSchema(PLACES, OPTIONS) as readonly { properties: { at: object } }[];
    expect(places?.properties.at).toMatchObject({
      type: 'object',
      properties: { lat: { '#docs': 2, samples: [1, 3] }, lon: { '#docs': 1, '%docs': 50 } },
    });
  });

  it('looks at as many documents and shows as many values as it is told', () => {
    const options = inferOptions({ sample_size: 2, num_sample_values: 1 });
    const [people] = inferSchema(PEOPLE, options) as readonly { '#docs': number; properties: object }[];
    expect(people?.['#docs']).toBe(2);
    expect(people?.properties).toMatchObject({ name: { samples: ['Ann'] } });
    expect(inferSchema(PEOPLE, inferOptions({ similarity_metric: 1 }))).toHaveLength(2);
  });

  it('refuses options that it does not know, and a keyspace without documents', () => {
    expect(() => inferOptions({ samples: 5 })).toThrow(expect.objectContaining({ code: 7000 }));
    expect(() => inferOptions({ sample_size: 'x' })).toThrow("Option 'sample_size' must be numeric.");
    expect(() => inferOptions({ similarity_metric: 2 })).toThrow("Invalid option 'similarity_metric'");
    expect(() => inferSchema([], OPTIONS)).toThrow(expect.objectContaining({ code: 7014 }));
  });
});
