/** First byte of every frame. Source: kv_engine docs/BinaryProtocol.md, "Magic Byte". */
export const Magic = {
  Request: 0x80,
  Response: 0x81,
  /** A request with framing extras: the key length shrinks to one byte. */
  AltRequest: 0x08,
  /** A response with framing extras. */
  AltResponse: 0x18,
  /** A request that the server sends (duplex). */
  ServerRequest: 0x82,
  /** The response to a request of the server. */
  ServerResponse: 0x83,
} as const;
