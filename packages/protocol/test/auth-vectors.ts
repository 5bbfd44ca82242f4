/**
 * Test vectors of authentication, as other implementations may take them. Secrets in base64url, keys in hex. They were
 * computed with OpenSSL through `node:crypto`, not with this package.
 */
export const authVectors = {
  sessionID: 'abc123',
  /** The bytes 00 to 0f. */
  k: 'AAECAwQFBgcICQoLDA0ODw',
  /** The bytes a0 to bf. */
  d: 'oKGio6SlpqeoqaqrrK2ur7CxsrO0tba3uLm6u7y9vr8',
  galaxy: { name: 'Galaxy S23', id: 'device-xyz' },
  unicode: { name: 'Zoë’s 📱', id: 'gerät-✓' },
  offer: 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 AA:BB\r\n',
  answer: 'v=0\r\no=- 2 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 CC:DD\r\n',
  withoutDeviceSecret: {
    key: 'ca48634a013b0ac444f35c4f462fd4389c5347765cf5777c41d6941610d2a55a',
    pairGalaxy: 'r_uYcwFZIxG0tFnpeT7ijDpP_rHyVMXQq2DM7-9yPns',
    pairUnicode: 'Bx_Lqi3coYhDYLM-khvmfKLv3Rmk51Z9ZYms1PLA5CU',
    offer: 'SmXb2psK0AiVr1Miv1qb9ihgv3LSdit4de2-0Kj6_Z0',
    answer: 'FSBRWUAXIjm3OVKMjS_fu3yhsuBsoU_Kef85RJ3u7bM',
  },
  withDeviceSecret: {
    key: '8e3c36d2fbc89db48bf7305ac348027a7f2f3b3da768fa8de78306a48a4d266b',
    pairGalaxy: 'YzyRPyEH4yaT6t1QnltlgLnqeNARoggvacHGgqNs8CA',
    pairUnicode: 'NUoESfwuKHylzN8sUa3qvYPjTgmb2qRBFprW0ODrQkQ',
    offer: 'j-uPADQ2CSAqyFRHO7OE5FH6Ycu7Ge0T2kpJkoR2-b8',
    answer: 'kz5W2HJPbnr3TK2POBCtumN4VWkxuyxTDjOpxu_trxg',
  },
} as const;
