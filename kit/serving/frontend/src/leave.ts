// Whoever leaves the page ends the kernel: its memory holds the answers.

import { kernelUrl, token, xsrfToken, type PageConfig } from "./config";

/** Tell the server in a way that outlives the page. */
export function endKernel(config: PageConfig): void {
  const xsrf = xsrfToken(config);
  if (config.leaveUrl) {
    navigator.sendBeacon(config.leaveUrl, new URLSearchParams({ kernel: config.kernelId, _xsrf: xsrf }));
    return;
  }
  const key = token();
  const headers: Record<string, string> = { "X-XSRFToken": xsrf };
  if (key) headers["Authorization"] = `token ${key}`;
  void fetch(kernelUrl(config), { method: "DELETE", keepalive: true, headers }).catch(() => undefined);
}
