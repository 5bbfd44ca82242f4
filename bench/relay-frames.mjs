// What goes over the relay: signals of the size that a description has, each with a number of its own.
const digits = 9;
const placeholder = '0'.repeat(digits);

/**
 * Makes frames of a text that has nine zeros where the number belongs. Frames are copies with other digits, since whoever
 * makes the load should have little to do.
 */
export const countedFrames = (text) => {
  const template = Buffer.from(text);
  const at = template.indexOf(placeholder);
  if (at === -1) throw new Error('The text has no room for a number.');
  return (index) => {
    const frame = Buffer.from(template);
    for (let place = at + digits - 1, rest = index; rest > 0; place -= 1, rest = Math.floor(rest / 10)) {
      frame[place] = 0x30 + (rest % 10);
    }
    return frame;
  };
};

/** An offer as a phone's browser writes it for one data channel, shortened to what makes a frame of some 620 bytes. */
export const offer = [
  'v=0',
  `o=- ${placeholder}2145 2 IN IP4 127.0.0.1`,
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:GmCb',
  'a=ice-pwd:6cX2zT0kTQ2pJm0nqk7w1h9s',
  'a=ice-options:trickle',
  'a=fingerprint:sha-256 5D:8A:1F:60:B3:7E:22:C4:91:0F:AD:36:58:E7:4B:90:CD:12:6A:F5:83:3C:D9:07:BE:41:75:28:9E:F0:64:1B',
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
  '',
].join('\r\n');
