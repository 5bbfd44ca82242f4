import { Lab, type LabHost } from './lab.js';

/** A desk and a phone in two homes, each behind a router of its own, with the internet between them. */
export interface TwoHomes {
  readonly lab: Lab;
  /** Where servers are. */
  readonly internet: LabHost;
  readonly desk: LabHost;
  readonly phone: LabHost;
}

/**
 * Makes the two homes.
 *
 * @param nat `by port`: what one server sees of a home is what everybody sees; `symmetric`: everybody sees another port
 */
export const makeTwoHomes = (nat: 'by port' | 'symmetric'): TwoHomes => {
  const lab = new Lab();
  try {
    // RFC 5737: addresses for documentation, public ones that are nobody's.
    const internet = lab.addSwitch('internet', '203.0.113.1');
    const home = (name: string, publicAddress: string, lan: string): LabHost => {
      const router = lab.addSwitch(`${name}-router`, `${lan}.1`);
      lab.plug(router.namespace, 'wan0', publicAddress, internet);
      lab.masquerade(router.namespace, nat);
      return lab.addHost(name, `${lan}.2`, router);
    };
    return {
      lab,
      internet,
      desk: home('desk', '203.0.113.10', '10.98.1'),
      phone: home('phone', '203.0.113.20', '10.98.2'),
    };
  } catch (error) {
    lab.remove();
    throw error;
  }
};
