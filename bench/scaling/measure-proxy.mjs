// What TLS costs, where it ends: an nginx of one worker in front of `proxim serve`, with a P-256 certificate.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

import { cpuSeconds, residentBytes } from './process-cost.mjs';
import { freePort } from './free-port.mjs';
import { startServer } from './start-server.mjs';
import { ask, endCrowd, forEachOf, openCrowd } from './wire-crowd.mjs';

const framesEach = 20;

const configOf = (folder, port, upstream) => `
daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
worker_rlimit_nofile 20000;
events { worker_connections 16000; }
http {
  access_log off; proxy_http_version 1.1; proxy_buffering off; proxy_buffer_size 4k; proxy_read_timeout 90s;
  client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server {
    listen 127.0.0.1:${port} ssl backlog=4096; ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
    ssl_protocols TLSv1.3; ssl_session_tickets off;
    location / {
      proxy_pass http://127.0.0.1:${upstream}; proxy_set_header Host localhost;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;
    }
  }
}
`;

const listens = async (port) => {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const came = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (came) return;
    await after(50);
  }
};

const startNginx = async (upstream) => {
  const folder = mkdtempSync(join(tmpdir(), 'proxim-nginx-'));
  const certificate = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem'), '-subj', '/CN=localhost'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', ...certificate],
    { stdio: 'ignore' },
  );
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, configOf(folder, port, upstream));
  const child = spawn('nginx', ['-p', folder, '-c', config], { stdio: ['ignore', 'ignore', 'ignore'] });
  await listens(port);
  return {
    pid: child.pid,
    url: `wss://localhost:${port}`,
    stop: async () => {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** @param count how many connections are made */
export const measureProxy = async (count) => {
  const server = await startServer();
  const nginx = await startNginx(server.port);
  const bytesBefore = residentBytes(nginx.pid);
  const before = cpuSeconds(nginx.pid);
  const crowd = await openCrowd(count, {
    url: nginx.url.replace('localhost', '127.0.0.1'),
    net: 43,
    rejectUnauthorized: false,
  });
  const tlsConnectCpu = (cpuSeconds(nginx.pid) - before) / count;
  const tlsBytes = (residentBytes(nginx.pid) - bytesBefore) / count;
  const beforeFrames = cpuSeconds(nginx.pid);
  await forEachOf(count, async (index) => {
    const sessionID = randomBytes(16).toString('base64url');
    await ask(crowd[index], { type: 'session_create', sessionID, uuid: randomUUID() }, 'session_created');
    for (let sent = 0; sent < framesEach; sent += 1) await ask(crowd[index], { type: 'ping' }, 'pong');
  });
  const tlsFrameCpu = (cpuSeconds(nginx.pid) - beforeFrames) / (count * 2 * (framesEach + 1));
  await endCrowd(crowd);
  await nginx.stop();
  await server.stop();
  return { tlsConnectCpu, tlsBytes, tlsFrameCpu };
};
