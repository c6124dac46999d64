import { EventAction, LCB_READ_EVENT, LCB_WRITE_EVENT } from '../../src/iops/constants.js';
import { IOEvent, TimerEvent } from '../../src/iops/event.js';
import type { IOSocket, SocketTarget } from '../../src/iops/iops.js';
import { NodeIOPS } from '../../src/iops/node-iops.js';
import type { BrokenIOPS } from './broken-iops.js';

/** Signals what is watched at once, ready or not. */
class SynchronousIOPS extends NodeIOPS {
  override updateEvent(event: IOEvent, action: EventAction, flags: number): void {
    super.updateEvent(event, action, flags);
    if (action === EventAction.Watch && event.fileno() >= 0) event.ready(flags);
  }
}

/** Watches on after a delivery, as the implementations of the original did. */
class PersistentIOPS extends NodeIOPS {
  ioEventFactory(): IOEvent {
    const event = new IOEvent();
    const { ready } = event;
    let watched = 0;
    event.ready = (flags) => {
      ready.call(event, flags);
      if (watched !== 0) super.updateEvent(event, EventAction.Watch, watched);
    };
    this.updateEvent = (of, action, flags) => {
      if (of === event) watched = action === EventAction.Watch ? flags : 0;
      super.updateEvent(of, action, flags);
    };
    return event;
  }
}

/** Adds the flags of a watch to those of the one before. */
class AddingIOPS extends NodeIOPS {
  override updateEvent(event: IOEvent, action: EventAction, flags: number): void {
    super.updateEvent(event, action, action === EventAction.Watch ? flags | event.flags : flags);
  }
}

class NeverUnwatchingIOPS extends NodeIOPS {
  override updateEvent(event: IOEvent, action: EventAction, flags: number): void {
    if (action !== EventAction.Unwatch) super.updateEvent(event, action, flags);
  }
}

class NeverCleaningIOPS extends NodeIOPS {
  override updateEvent(event: IOEvent, action: EventAction, flags: number): void {
    if (action !== EventAction.Cleanup) super.updateEvent(event, action, flags);
  }

  override updateTimer(timer: TimerEvent, action: EventAction, usecs: number): void {
    if (action !== EventAction.Cleanup) super.updateTimer(timer, action, usecs);
  }
}

/** Signals events that are freed as well. */
class UnfreedIOPS extends NodeIOPS {
  ioEventFactory(): IOEvent {
    const event = new IOEvent();
    event.ready = (flags) => event.handler?.onReady(flags);
    return event;
  }

  timerEventFactory(): TimerEvent {
    const timer = new TimerEvent();
    timer.ready = (flags) => timer.handler?.onReady(flags);
    return timer;
  }
}

/** Keeps the loop for itself while a socket is ready. */
class UnfairIOPS extends NodeIOPS {
  override updateEvent(event: IOEvent, action: EventAction, flags: number): void {
    if (flags !== LCB_WRITE_EVENT || event.socket?.remoteAddress === undefined) {
      super.updateEvent(event, action, flags);
    } else process.nextTick(() => event.ready(flags));
  }
}

/** Makes the same event again and again. */
class OneEventIOPS extends NodeIOPS {
  readonly #event = new IOEvent();

  ioEventFactory(): IOEvent {
    return this.#event;
  }
}

/** Reads all there is, whether anybody wants it or not, and passes it on when asked. */
class HoardingIOPS extends NodeIOPS {
  override openSocket(event: IOEvent, target: SocketTarget): IOSocket {
    const inner = new IOEvent();
    const socket = super.openSocket(inner, target);
    const hoard: Buffer[] = [];
    const { recv } = socket;
    socket.recv = () => hoard.shift();
    let watched = 0;
    const deliver = (flags: number): void => {
      const ready = watched & flags;
      if (ready === 0) return;
      watched = 0;
      event.ready(ready);
    };
    inner.handler = {
      onReady: (flags) => {
        const bytes = recv.call(socket);
        if (bytes !== undefined) hoard.push(Buffer.from(bytes));
        if (!socket.ended) super.updateEvent(inner, EventAction.Watch, LCB_READ_EVENT);
        deliver(flags);
      },
    };
    this.updateEvent = (of, _action, flags) => {
      if (of !== event) return;
      watched = flags;
      if (hoard.length > 0) setImmediate(deliver, LCB_READ_EVENT);
      else super.updateEvent(inner, EventAction.Watch, flags | LCB_READ_EVENT);
    };
    event.socket = socket;
    return socket;
  }
}

/** Faults of watches. */
export const watchFaults: readonly BrokenIOPS[] = [
  {
    fault: 'delivers inside updateEvent',
    caught: 'nothing is delivered inside updateEvent',
    says: 'inside updateEvent',
    make: () => new SynchronousIOPS(),
  },
  {
    fault: 'watches on after a delivery',
    caught: 'a delivery disarms the event',
    says: 'while nothing was watched',
    make: () => new PersistentIOPS(),
  },
  {
    fault: 'adds up the flags of watches',
    caught: 'a watch replaces the one before',
    says: 'readiness 6 was delivered while 2 was watched',
    make: () => new AddingIOPS(),
  },
  {
    fault: 'ignores Unwatch',
    caught: 'an event that is no longer watched is silent',
    says: 'while nothing was watched',
    make: () => new NeverUnwatchingIOPS(),
  },
  {
    fault: 'ignores Cleanup of an event',
    caught: 'cleanup ends an event',
    says: 'while nothing was watched',
    make: () => new NeverCleaningIOPS(),
  },
  {
    fault: 'ignores Cleanup of a timer',
    caught: 'a timer that was cleaned up does not fire',
    says: 'while it was not armed',
    make: () => new NeverCleaningIOPS(),
  },
  {
    fault: 'signals freed events',
    caught: 'a freed event ignores what is signalled',
    says: 'while nothing was watched',
    make: () => new UnfreedIOPS(),
  },
  {
    fault: 'signals freed timers',
    caught: 'a freed timer does not fire',
    says: 'while it was not armed',
    make: () => new UnfreedIOPS(),
  },
  {
    fault: 'starves timers',
    caught: 'a socket that is always ready leaves room for timers',
    says: 'a timer waited',
    make: () => new UnfairIOPS(),
  },
  {
    fault: 'makes the same event twice',
    caught: 'the events that an IOPS makes are new ones of their kind',
    says: 'the same event twice',
    make: () => new OneEventIOPS(),
  },
  {
    fault: 'reads what nobody asked for',
    caught: 'a socket that is never watched for reading holds its peer back',
    says: 'taken from the peer though nobody receives them',
    make: () => new HoardingIOPS(),
  },
];
