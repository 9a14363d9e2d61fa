import itertools, random
import pytest
from tests.bad_input.stage import *
from tests.bad_input.fingerprint import fingerprint

NASTY = ["", "0", "-1", "1.5", "\0", "1\0", "٣", "9"*30, "9"*5000, "x"*2000, "\ud7ff\uffff", "<b>", "[]", "None", "1,2", " 1 ", "\r\n", "🧨", "\u202e", "%00", "{}", "on", "true"]

def fields(stage, rnd):
    names = ["select-lines","select-expanded","details-apply-quantity","details-apply-reason","details-apply-note","details-apply-refund_delivery",
      "details-{line_1}-quantity","details-{line_1}-reason","details-{line_1}-note","details-{line_1}-refund_delivery","details-{line_4}-quantity","details-reason","details-note","details-refund_delivery","review-agreed","preview","apply","wizard_goto_step","details--quantity","details-abc","select","details-{foreign_line}-quantity", "csrfmiddlewaretoken"]
    vals = NASTY + ["{line_1}","{line_4}","{line_5}","{foreign_line}","{changed_mind}","{other}","select","details","review","{agreed}","1","2"]
    return {n: [rnd.choice(vals) for _ in range(rnd.choice([1,1,1,3]))] for n in rnd.sample(names, rnd.randint(0,8))}

@pytest.mark.parametrize("seed", range(300))
def test_probe(stage, seed):
    rnd = random.Random(seed)
    kind = rnd.choice(["cancel_items","cancel_items","cancel_all"])
    stage.client
    stage.named["agreed"]="x"
    if rnd.random()<.7:
        if kind=="cancel_items":
            selected(stage)
            if rnd.random()<.6: explained(stage); stage.named["agreed"]=stage.run().reviewed()
        else: explained_all(stage); stage.named["agreed"]=stage.run(kind="cancel_all").reviewed()
    trail=[]
    for _ in range(8):
        step = rnd.choice(["select","details","review"])
        f = stage.fill(fields(stage, rnd) | {("{current_step}" if kind=="cancel_items" else "{all_current_step}"): step})
        path = f"/order-summaries/W-1/{'cancel-items' if kind=='cancel_items' else 'cancel-all'}/{RUN}/{step}/"
        if rnd.random()<.3: path += "?outside=1&return_to=" + rnd.choice(["/admin/","//x","/a%00b","%0d%0a", "/"+"x"*3000])
        if rnd.random()<.15: f["discard"]="1"
        r = stage.client.post(path, f, follow=True)
        trail.append((step, f, r.status_code))
        assert r.status_code < 500, trail
