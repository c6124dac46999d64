import type { Rolldown } from 'tsdown';
import ts from 'typescript';

const HELPER = '__nameClass';
const DEFINITION = `const ${HELPER} = (target, value) => Object.defineProperty(target, 'name', { value, configurable: true });\n`;

/**
 * Makes each class set its own name. The names of classes are API, as errors and results show them, and bundlers rename
 * classes: ours, and those of applications, where two names collide or code is minified.
 */
export function nameClasses(): Rolldown.Plugin {
  return {
    name: 'name-classes',
    transform: {
      filter: { id: /\/src\/.*\.ts$/ },
      handler(code, id) {
        const file = ts.createSourceFile(id, code, ts.ScriptTarget.Latest, false);
        const classes = file.statements.filter(ts.isClassDeclaration).filter(({ name }) => name !== undefined);
        const named = classes.reduceRight((text, { name, members }) => {
          const statement = ` static { ${HELPER}(this, ${JSON.stringify(name!.text)}); }`;
          return text.slice(0, members.pos) + statement + text.slice(members.pos);
        }, code);
        return classes.length === 0 ? undefined : { code: DEFINITION + named };
      },
    },
  };
}
