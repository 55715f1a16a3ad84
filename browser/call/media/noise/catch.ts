// In an AudioWorklet: takes the package's processor as it is registered, so that ours can stand around it.

export interface Processor {
  readonly port: MessagePort;
  process(inputs: Float32Array[][], outputs: Float32Array[][], parameters: Record<string, Float32Array>): boolean;
}
export type ProcessorClass = new (options: unknown) => Processor;

type Register = (name: string, made: ProcessorClass) => void;
const scope = globalThis as unknown as { registerProcessor: Register };

export const register: Register = scope.registerProcessor.bind(globalThis);
export const caught: { made?: ProcessorClass } = {};
scope.registerProcessor = (_name, made) => {
  caught.made = made;
};
