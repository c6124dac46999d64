/** Where the document of a row is kept until the row gets its final form. */
export const DOCUMENT = Symbol('document');
