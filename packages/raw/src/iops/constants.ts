/** The event's watch is set to the given flags; it replaces the one before. */
export const PYCBC_EVACTION_WATCH = 1;
/** The event is no longer watched; nothing is forgotten. */
export const PYCBC_EVACTION_UNWATCH = 2;
/** The event is finished: every reference to it is dropped, and it never fires again. */
export const PYCBC_EVACTION_CLEANUP = 16;

/** Bytes (or the end, or an error) can be received. */
export const LCB_READ_EVENT = 2;
/** The socket is connected and takes bytes. */
export const LCB_WRITE_EVENT = 4;
/** Both. */
export const LCB_RW_EVENT = 6;

/** The actions under plain names. */
export const EventAction = {
  Watch: PYCBC_EVACTION_WATCH,
  Unwatch: PYCBC_EVACTION_UNWATCH,
  Cleanup: PYCBC_EVACTION_CLEANUP,
} as const;
export type EventAction = (typeof EventAction)[keyof typeof EventAction];

/** The I/O flags under plain names. */
export const IOFlag = { Read: LCB_READ_EVENT, Write: LCB_WRITE_EVENT, ReadWrite: LCB_RW_EVENT } as const;
