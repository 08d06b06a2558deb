// A relying party made with npm openid-client. It prints where the browser must go, reads the address that the browser came back to, and
// prints what it learned. What the library refuses ends it with an error.
import { createInterface } from "node:readline/promises";
import * as client from "openid-client";

const { issuer, id, secret, method, key, algorithm, redirectURI, scope } = JSON.parse(process.env.RELYING_PARTY);

async function authentication() {
  switch (method) {
    case "client_secret_basic":
      return client.ClientSecretBasic(secret);
    case "client_secret_post":
      return client.ClientSecretPost(secret);
    case "private_key_jwt": {
      const algorithm = { name: "ECDSA", namedCurve: "P-256" };
      return client.PrivateKeyJwt(await crypto.subtle.importKey("pkcs8", Buffer.from(key, "base64"), algorithm, false, ["sign"]));
    }
    default:
      return client.None();
  }
}

const metadata = { id_token_signed_response_alg: algorithm };
const config = await client.discovery(new URL(issuer), id, metadata, await authentication());
client.enableNonRepudiationChecks(config); // it verifies signatures of ID tokens, too

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const expectedState = client.randomState();
const expectedNonce = client.randomNonce();
const parameters = {
  redirect_uri: redirectURI,
  scope,
  state: expectedState,
  nonce: expectedNonce,
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: "S256",
};
console.log(client.buildAuthorizationUrl(config, parameters).href);

const input = createInterface({ input: process.stdin });
const { value: callback } = await input[Symbol.asyncIterator]().next();
input.close();

const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
const tokens = await client.authorizationCodeGrant(config, new URL(callback), checks);
const claims = tokens.claims();
const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
const next = await client.refreshTokenGrant(config, tokens.refresh_token);
const active = method === "none" ? null : (await client.tokenIntrospection(config, next.access_token)).active;
await client.tokenRevocation(config, next.refresh_token);
const refused = await client.fetchUserInfo(config, next.access_token, claims.sub).then(
  () => false,
  () => true,
);
const refreshed = next.access_token !== tokens.access_token;
console.log(JSON.stringify({ sub: claims.sub, email: info.email, refreshed, active, refused }));
