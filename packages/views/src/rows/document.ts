/** The property that holds the document of a row until the row gets its final form. */
export const DOCUMENT = Symbol('document');
