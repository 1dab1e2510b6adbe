/** Names the sources that a build was made of; set by vite.config.ts. */
declare const __BUILD__: string;
