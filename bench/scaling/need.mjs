// How many processes, proxy cores and NATS servers a load wants.
import { pingEveryMs } from './peer-constants.mjs';

/** `--heartbeat-seconds` and `--max-connections`, as they are unless told otherwise. */
const heartbeatSeconds = 15;
const maxConnections = 100_000;

/** Processor seconds a second and bytes that this load takes in all, whatever it is spread over. */
export const loadOf = ({ desktops, phones, desktopsCame, visits }, costs, given) => {
  const connections = desktops + phones;
  const connects = desktopsCame + visits;
  const pings = connections / (pingEveryMs / 1000);
  const heartbeats = connections / heartbeatSeconds;
  const signals = visits * given.signalsPerVisit;
  return {
    connections,
    connects,
    signals,
    nodeCpu:
      connects * costs.connectCpu +
      desktopsCame * given.sessionsPerDesktop * costs.createCpu +
      visits * costs.pairingCpu +
      signals * costs.signalCpu +
      pings * costs.pingCpu +
      heartbeats * costs.heartbeatCpu,
    nodeBytes: desktops * costs.desktopBytes + phones * costs.phoneBytes,
    // A frame of a signal comes in and goes out; so do both pings and their pongs.
    proxyCpu: connects * costs.tlsConnectCpu + 2 * (signals + pings + heartbeats) * costs.tlsFrameCpu,
    proxyBytes: connections * costs.tlsBytes,
  };
};

/** The processes that bear it with so much of their processor in use, and what asks for the most of them. */
const processesFor = (load, costs, given, cpuShare) => {
  const wanted = {
    memory: load.nodeBytes / (given.nodeBytes * given.memoryShare - costs.processBytes),
    processor: load.nodeCpu / cpuShare,
    'connections in all': load.connections / maxConnections,
  };
  const [limit, count] = Object.entries(wanted).sort(([, a], [, b]) => b - a)[0];
  return { nodes: Math.ceil(count), limit };
};

const most = (rows, costs, given, cpuShare) => {
  const needs = rows.map((row) => {
    const load = loadOf(row, costs, given);
    return {
      row,
      load,
      ...processesFor(load, costs, given, cpuShare),
      proxyCores: Math.ceil(load.proxyCpu / cpuShare),
    };
  });
  const peak = needs.reduce((best, need) => (need.nodes > best.nodes ? need : best));
  return { ...peak, proxyCores: Math.max(...needs.map(({ proxyCores }) => proxyCores)) };
};

/** What the load of these minutes wants on its worst one, with every node there and one to spare. */
export const needOnADay = (rows, costs, given) => {
  const need = most(rows, costs, given, given.cpuShare);
  return { ...need, nodes: need.nodes + 1 };
};

/** The same where a region is lost: with less to spare. */
export const needInNeed = (rows, costs, given) => most(rows, costs, given, given.cpuShareInNeed);

/** What NATS has to do for one region of so many nodes. */
export const natsLoad = ({ desktops, desktopsCame, visits }, nodes, costs, given) => {
  const across = 1 - 1 / nodes;
  const creates = desktopsCame * given.sessionsPerDesktop;
  const signals = visits * given.signalsPerVisit;
  const messages =
    creates * costs.natsCreateMessages +
    across * (visits * costs.natsPairingMessages + signals * costs.natsSignalMessages) +
    // Each node says once a second that it lives, and each other one hears it.
    nodes * nodes;
  const subjects = desktops * given.sessionsPerDesktop;
  return {
    messages,
    subjects,
    bytes: subjects * costs.natsSubjectBytes,
    cpu: messages * costs.natsMessageCpu + creates * costs.natsSubjectCpu,
  };
};
