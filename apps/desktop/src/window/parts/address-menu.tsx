import type { WindowAddress, WindowState } from '../../host/window-protocol.js';
import { texts } from '../texts/en.js';
import type { WindowStore } from '../window-store.js';
import { Select } from './select.js';

const kinds = ['network', 'vpn', 'virtual', 'loopback'] as const satisfies readonly WindowAddress['kind'][];

export interface AddressMenuProps {
  readonly state: WindowState;
  readonly store: WindowStore;
}

/** The address that is in the code, and this machine's others: the best guess can be wrong. */
export const AddressMenu = ({ state, store }: AddressMenuProps) => (
  <div class="address">
    <p class="label" aria-hidden="true">
      {texts.address.label}
    </p>
    <Select
      label={texts.address.label}
      value={state.address}
      onChange={(address) => store.send({ command: 'select_address', address })}
    >
      {!state.addresses.some(({ address }) => address === state.address) && (
        <option value={state.address}>{state.address}</option>
      )}
      {kinds.map((kind) => {
        const addresses = state.addresses.filter((address) => address.kind === kind);
        if (addresses.length === 0) return null;
        return (
          <optgroup key={kind} label={texts.address.kinds[kind]}>
            {addresses.map(({ address, interfaceName }) => (
              <option key={address} value={address}>
                {address} · {interfaceName}
              </option>
            ))}
          </optgroup>
        );
      })}
    </Select>
  </div>
);
