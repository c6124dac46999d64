import { Feature, featureName } from '../src/feature.js';

test('features are read by their names, unknown ones by their codes', () => {
  expect(featureName(Feature.Collections)).toBe('Collections');
  expect(featureName(0x1c)).toBe('SubdocReplicaRead');
  expect(featureName(0xbeef)).toBe('feature 0xbeef');
});
