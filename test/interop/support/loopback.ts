const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Gives the address back when it is one of this machine, else throws: what follows deletes, overwrites and asks for no
 * confirmation, and must never meet an account that somebody pays for.
 */
export const requireLoopback = (address: string | undefined): string => {
  const host = address !== undefined && URL.canParse(address) ? new URL(address).hostname : undefined;
  if (address === undefined || host === undefined || !loopbackHosts.includes(host))
    throw new Error(`AWS_ENDPOINT_URL is ${address ?? 'not set'}, expected an address of this machine`);
  return address;
};
