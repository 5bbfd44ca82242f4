/** The messages of the original specification, as printed there. Whoever sends these is served for ever. */
export const seedExamples = {
  pair_request: `{
  "type": "pair_request",
  "sessionID": "abc123",
  "deviceInfo": {
    "name": "Galaxy S23",
    "id": "device-xyz"
  }
}`,
  pair_request_short: `{
  "type": "pair_request",
  "sessionID": "abc123",
  "deviceInfo": { "name": "Galaxy S23", "id": "device-xyz" }
}`,
  pair_prompt: `{
  "type": "pair_prompt",
  "sessionID": "abc123",
  "deviceInfo": { "name": "Galaxy S23", "id": "device-xyz" }
}`,
  pair_response: `{
  "type": "pair_response",
  "sessionID": "abc123",
  "approved": true
}`,
  pair_result: `{
  "type": "pair_result",
  "sessionID": "abc123",
  "status": "approved"
}`,
  signal: `{
  "type": "signal",
  "sessionID": "abc123",
  "payload": { "sdp": "..." }
}`,
  signal_candidate: `{
  "type": "signal",
  "sessionID": "abc123",
  "payload": { "candidate": "..." }
}`,
} as const;
