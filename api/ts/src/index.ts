export { apiClient, errorBody, type ApiClient, type ApiClientOptions, type ErrorBody } from "./client.js";
export * from "./gen/index.js";
