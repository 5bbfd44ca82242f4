/** Bytes of the secret `k` in the QR code. */
export const linkSecretBytes = 16;
/** Bytes of the device secret `d` that the desktop hands over the first direct connection. */
export const deviceSecretBytes = 32;
