/** How the processor is called, in the worklet and before it. */
export const NODE = "tatap-rnnoise";
