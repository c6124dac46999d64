export type { Endpoint, EndpointEvents } from './simulation/endpoint.js';
export { type BusyPhase, EventLoop } from './simulation/event-loop.js';
export { type Accept, type NetworkOptions, SimulatedNetwork } from './simulation/network.js';
export { SeededRandom } from './simulation/random.js';
export { Schedule, type Scheduled } from './simulation/schedule.js';
export { SimulatedIOPS } from './simulation/simulated-iops.js';
export type { HoldUp } from './time/hold-up.js';
