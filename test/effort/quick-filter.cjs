const { join, relative, resolve, sep } = require('node:path');
const slowFiles = require('./slow-files.cjs');

const root = resolve(join(__dirname, '../..'));

/** Leaves the slow tests out, for the daily loop. */
module.exports = (paths) => ({
  filtered: paths.filter((path) => {
    const file = relative(root, path).split(sep).join('/');
    return !slowFiles.some((beginning) => file.startsWith(beginning));
  }),
});
