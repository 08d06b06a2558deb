import { Camera, CameraOff } from "lucide-react";
import { Button } from "@updspace/ui/Button";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { newCodeReader } from "./codeReader.ts";
import css from "./events.module.css";

type State = "starting" | "on" | "denied" | "none" | "busy" | "unsupported";

const pause = 200; // milliseconds between looks at the picture
const wide = 960; // pixels: enough for a code that fills a third of the picture, and quick to read
const again = 3000; // milliseconds after which the same code counts as shown anew

interface CodeCameraProps {
  onCode: (code: string) => void;
  onClose: () => void;
}

/** Looks through the camera for codes until it is left. */
export function CodeCamera(props: CodeCameraProps) {
  const [round, setRound] = useState(0);
  return <Look key={round} {...props} onRetry={() => setRound(round + 1)} />;
}

function Look({ onCode, onClose, onRetry }: CodeCameraProps & { onRetry: () => void }) {
  const intl = useIntl();
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<State>("starting");
  const found = useEffectEvent(onCode);
  useEffect(() => {
    const picture = video.current;
    if (!picture) return;
    const left = new AbortController();
    look(picture, left.signal, setState, found).catch((e: unknown) => {
      if (!left.signal.aborted) setState(reasonOf(e));
    });
    return () => left.abort();
  }, []);
  return (
    <div className="vstack s">
      <video
        ref={video}
        className={css["camera"]}
        hidden={state !== "on"}
        aria-label={intl.formatMessage({ id: "calendar.camera.picture" })}
        muted
        playsInline
      />
      <div role="status">
        {state === "on" ? (
          <p className="small muted">
            <FormattedMessage id="calendar.camera.on" />
          </p>
        ) : state === "starting" ? (
          <p className="small muted">
            <FormattedMessage id="calendar.camera.starting" />
          </p>
        ) : (
          <p className={`state warn ${css["wrap"]}`}>
            <CameraOff className="i s" aria-hidden="true" />
            <FormattedMessage id={`calendar.camera.${state}`} />
          </p>
        )}
      </div>
      <div className="btns">
        {state !== "on" && state !== "starting" && state !== "unsupported" && (
          <Button size="s" onPress={onRetry}>
            <Camera className="i s" aria-hidden="true" />
            <FormattedMessage id="action.retry" />
          </Button>
        )}
        <Button size="s" onPress={onClose}>
          <FormattedMessage id="calendar.camera.stop" />
        </Button>
      </div>
    </div>
  );
}

async function look(picture: HTMLVideoElement, left: AbortSignal, say: (state: State) => void, found: (code: string) => void) {
  // Browsers have no camera for pages that did not come by https.
  if (!("mediaDevices" in navigator)) return say("unsupported");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: wide } } });
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  if (left.aborted) return stop();
  left.addEventListener("abort", stop);
  stream.getVideoTracks()[0]?.addEventListener("ended", () => say("busy")); // unplugged, or taken away by the system
  picture.srcObject = stream;
  await picture.play();
  const read = await newCodeReader();
  if (left.aborted) return;
  say("on");
  let last = { code: "", at: 0 };
  while (!left.aborted) {
    const code = await read(picture).catch(() => undefined); // a picture that is not there yet
    const now = performance.now();
    if (code !== undefined && (code !== last.code || now - last.at > again)) found(code);
    if (code !== undefined) last = { code, at: now };
    await new Promise((go) => setTimeout(go, pause));
  }
}

function reasonOf(error: unknown): State {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") return "denied";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "none" : "busy";
}
