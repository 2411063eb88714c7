(** What every file opens. Version 2 of Mathematical Components (Debian 13) has new names for
    inequalities; those that the proofs use are proved here from lemmas whose names version 1
    (Debian 12) has too. *)
From mathcomp Require Export all_ssreflect all_algebra ring.
Export GRing.Theory Num.Theory Order.TTheory.

#[export] Set Implicit Arguments.
#[export] Unset Strict Implicit.
#[export] Unset Printing Implicit Defensive.
Global Open Scope ring_scope.

Section Ordered.
Variable R : realFieldType.
Implicit Types x y z t : R.

Lemma lerD2l x y z : (x + y <= x + z) = (y <= z).
Proof. by rewrite -[LHS]subr_ge0 opprD addrACA subrr add0r subr_ge0. Qed.
Lemma lerD2r x y z : (y + x <= z + x) = (y <= z).
Proof. by rewrite !(addrC _ x) lerD2l. Qed.
Lemma ltrD2l x y z : (x + y < x + z) = (y < z).
Proof. by rewrite !ltNge lerD2l. Qed.
Lemma ltrD2r x y z : (y + x < z + x) = (y < z).
Proof. by rewrite !ltNge lerD2r. Qed.
Lemma lerDl x y : (x <= x + y) = (0 <= y).
Proof. by rewrite -[X in X <= _]addr0 lerD2l. Qed.
Lemma lerDr x y : (x <= y + x) = (0 <= y).
Proof. by rewrite addrC lerDl. Qed.
Lemma ltrDl x y : (x < x + y) = (0 < y).
Proof. by rewrite -[X in X < _]addr0 ltrD2l. Qed.

Lemma lerD x y z t : x <= y -> z <= t -> x + z <= y + t.
Proof. by move=> xy zt; apply: le_trans (_ : y + z <= _); rewrite (lerD2r, lerD2l). Qed.
Lemma ltr_leD x y z t : x < y -> z <= t -> x + z < y + t.
Proof. by move=> xy zt; apply: lt_le_trans (_ : y + z <= _); rewrite (ltrD2r, lerD2l). Qed.
Lemma lerB x y z t : x <= y -> t <= z -> x - z <= y - t.
Proof. by move=> xy tz; apply: lerD; rewrite // -subr_ge0 opprK addrC subr_ge0. Qed.
Lemma ler_wpDr x y z : 0 <= x -> y <= z -> y <= z + x.
Proof. by move=> x0 yz; rewrite -[y]addr0 lerD. Qed.
Lemma ltr_wpDr x y z : 0 <= x -> y < z -> y < z + x.
Proof. by move=> x0 yz; rewrite -[y]addr0 ltr_leD. Qed.
Lemma ltr_pwDr x y z : 0 < x -> y <= z -> y < z + x.
Proof. by move=> x0 yz; rewrite addrC -[y]add0r ltr_leD. Qed.
Lemma lerBlDr x y z : (x - y <= z) = (x <= z + y).
Proof. by rewrite -[LHS](lerD2r y) subrK. Qed.
Lemma ltrBrDr x y z : (x < y - z) = (x + z < y).
Proof. by rewrite -[LHS](ltrD2r z) subrK. Qed.
Lemma ltrBlDr x y z : (x - y < z) = (x < z + y).
Proof. by rewrite -[LHS](ltrD2r y) subrK. Qed.

Lemma ler_pM2l x y z : 0 < x -> (x * y <= x * z) = (y <= z).
Proof. by move=> x0; rewrite -[LHS]subr_ge0 -mulrBr pmulr_rge0 // subr_ge0. Qed.
Lemma ler_pM2r x y z : 0 < x -> (y * x <= z * x) = (y <= z).
Proof. by rewrite !(mulrC _ x); apply: ler_pM2l. Qed.
Lemma ltr_pM2l x y z : 0 < x -> (x * y < x * z) = (y < z).
Proof. by move=> x0; rewrite !ltNge ler_pM2l. Qed.
Lemma ltr_pM2r x y z : 0 < x -> (y * x < z * x) = (y < z).
Proof. by move=> x0; rewrite !ltNge ler_pM2r. Qed.
Lemma ler_wpM2l x y z : 0 <= x -> y <= z -> x * y <= x * z.
Proof. by move=> x0 yz; rewrite -subr_ge0 -mulrBr mulr_ge0 // subr_ge0. Qed.
Lemma ler_wpM2r x y z : 0 <= x -> y <= z -> y * x <= z * x.
Proof. by rewrite !(mulrC _ x); apply: ler_wpM2l. Qed.
Lemma ler_piMr x y : 0 <= y -> x <= 1 -> y * x <= y.
Proof. by move=> y0 x1; rewrite -[X in _ <= X]mulr1 ler_wpM2l. Qed.
Lemma ler_peMr x y : 0 <= y -> 1 <= x -> y <= y * x.
Proof. by move=> y0 x1; rewrite -[X in X <= _]mulr1 ler_wpM2l. Qed.
Lemma ltr_pMl x y : 0 < y -> (y < x * y) = (1 < x).
Proof. by move=> y0; rewrite -[X in X < _]mul1r ltr_pM2r. Qed.

Lemma ler_pdivrMr x y z : 0 < z -> (x / z <= y) = (x <= y * z).
Proof. by move=> z0; rewrite -[LHS](ler_pM2r _ _ z0) divfK ?gt_eqF. Qed.
Lemma ler_pdivlMr x y z : 0 < z -> (x <= y / z) = (x * z <= y).
Proof. by move=> z0; rewrite -[LHS](ler_pM2r _ _ z0) divfK ?gt_eqF. Qed.
Lemma ltr_pdivrMr x y z : 0 < z -> (x / z < y) = (x < y * z).
Proof. by move=> z0; rewrite -[LHS](ltr_pM2r _ _ z0) divfK ?gt_eqF. Qed.
Lemma ltr_pdivlMr x y z : 0 < z -> (x < y / z) = (x * z < y).
Proof. by move=> z0; rewrite -[LHS](ltr_pM2r _ _ z0) divfK ?gt_eqF. Qed.
Lemma lef_pV2 x y : 0 < x -> 0 < y -> (x^-1 <= y^-1) = (y <= x).
Proof.
by move=> x0 y0; rewrite -[x^-1]mul1r ler_pdivrMr // mulrC ler_pdivlMr // mul1r.
Qed.

Lemma ler_normD x y : `|x + y| <= `|x| + `|y|.
Proof.
have e t : - `|t| <= t <= `|t| by rewrite -ler_norml.
by have /andP [? ?] := e x; have /andP [? ?] := e y; rewrite ler_norml opprD !lerD.
Qed.
Lemma ler_normB x y : `|x - y| <= `|x| + `|y|.
Proof. by rewrite -(normrN y) ler_normD. Qed.
Lemma lerB_normD x y : `|x| - `|y| <= `|x + y|.
Proof. by rewrite lerBlDr -{1}(addrK y x) ler_normB. Qed.
End Ordered.
