/** What a firewall has to let in. */
export interface Opening {
  /** Of the phone's page and of signaling, TCP. */
  readonly port: number;
  /** The network that the phone is in, as `192.168.1.0/24`; undefined where that is not known. */
  readonly subnet: string | undefined;
  /** The program that listens. */
  readonly executable: string;
}

/** Where Linux takes the UDP port of a direct connection from, unless it is told otherwise (ip_local_port_range). */
export const udpPorts = { first: 32_768, last: 60_999 } as const;
