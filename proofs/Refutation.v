(** Theorem 5 (ii) is false: all hypotheses hold in counterexample A, and the signal is lost in
    every outcome. *)
Require Import Base Analysis RealNumbers Euclid Algorithm1 Definition4 CounterexampleA Theorem5.

(** ** Four fair coins *)

(** In each of the 16 outcomes every entry of the noise is [sigma] or [- sigma]. *)
Definition noise (sigma : R) (o : {ffun 'I_4 -> bool}) : 'cV[R]_4 :=
  \col_i if o i then sigma else - sigma.

Section Coins.
Variable sigma : R.
Let Omega := {ffun 'I_4 -> bool}.

Lemma card_Omega : #|{: Omega}| = expn 2 4.
Proof. by rewrite card_ffun card_bool card_ord. Qed.

Lemma mean_coins (f : 'I_4 -> R -> R) :
  mean (fun o : Omega => \prod_i f i (noise sigma o i 0))
  = \prod_i ((f i sigma + f i (- sigma)) / 2%:R).
Proof.
rewrite /mean card_Omega prodf_div prodr_const card_ord natrX; congr (_ * _).
rewrite -(eq_bigr _ (fun i _ => big_bool _ (fun b => f i (if b then sigma else - sigma)))).
by rewrite bigA_distr_bigA; apply: eq_bigr => o _; apply: eq_bigr => i _; rewrite mxE.
Qed.

Lemma mean_coin (f : R -> R) i :
  mean (fun o : Omega => f (noise sigma o i 0)) = (f sigma + f (- sigma)) / 2%:R.
Proof.
pose F j x := if j == i then f x else 1.
transitivity (mean (fun o : Omega => \prod_j F j (noise sigma o j 0))).
  apply: eq_mean => o.
  by rewrite (bigD1 i) //= /F eqxx big1 ?mulr1 // => j /negbTE ->.
rewrite mean_coins (bigD1 i) //= big1 /F ?eqxx ?mulr1 // => j /negbTE ->.
by rewrite -[1 + 1]/(2%:R) divff // pnatr_eq0.
Qed.

Lemma noise_independent : independent_entries (noise sigma).
Proof. by move=> f; rewrite mean_coins; apply: eq_bigr => i _; rewrite mean_coin. Qed.

Lemma noise_mean i : mean (fun o => noise sigma o i 0) = 0.
Proof. by rewrite (mean_coin id) subrr mul0r. Qed.

Lemma noise_sub_gaussian i : sub_gaussian (fun o => noise sigma o i 0) (sigma ^+ 2).
Proof.
move=> t; rewrite (mean_coin (fun x => exp (t * x))); apply/RleP.
have := fair_coin_sub_gaussian sigma t.
by rewrite !RdivE ?RpowE ?natIZR //; apply/eqP => /eqP; rewrite -(natIZR 2) pnatr_eq0.
Qed.
End Coins.

(** ** Proposition A *)

(** All hypotheses hold for the design and the signal of Proposition A with any [B > 1] and any
    [sigma] in its range, and feature 1, a large signal, is lost in every outcome, however ties
    are broken. *)
Theorem proposition_A (B sigma delta lambda_min : R) :
  1 < B -> 0 < delta < 1 ->
  2%:R / (B * (B - 1)) < sigma ->
  sigma ^+ 2 * (2%:R * (B ^+ 2 + 2%:R) * ln (8%:R / delta)) <= 1 ->
  lambda_min ^+ 2 = (B ^+ 2 + 2%:R) * lambda_min - 1 ->
  0 < lambda_min <= B ^- 2 ->
  hypotheses (Phi_B B) (s_B B) 1 delta sigma lambda_min 2 (noise sigma) /\
  forall o A v, run (Phi_B B) (Phi_B B *m s_B B + noise sigma o) 2 A v ->
    1 <= `|s_B B f1 0| /\ v f1 0 = 0.
Proof.
move=> B1 /andP [delta0 delta1] room enough el /andP [l0 l_thin].
have B0 : 0 < B := lt_trans ltr01 B1.
have sigma0 : 0 < sigma.
  by apply: lt_trans room; rewrite divr_gt0 ?mulr_gt0 ?subr_gt0 ?ltr0n.
have [eig rank] := Phi_B_eigenvalue B1 el l0 l_thin.
have signal : support (s_B B) != set0.
  by rewrite (support_B B1); apply/set0Pn; exists f1; rewrite !inE.
have L0 : 0 < ln (8%:R / delta).
  by rewrite ln_gt0 // ltr_pdivlMr // mul1r (lt_trans delta1) // ltr1n.
split.
  split=> //; try exact: ltr01.
  - by rewrite delta0.
  - by rewrite card_Omega.
  - exact: noise_independent.
  - exact: noise_mean.
  - exact: noise_sub_gaussian.
  - exact/definition_4_is_full_column_rank.
  - by rewrite (support_B B1) cards2.
  have -> : 2%:R * 4%:R / delta = 8%:R / delta by rewrite -natrM.
  rewrite expr1n mul1r -[X in _ <= X]mulr1.
  apply: le_trans (ler_wpM2l (ler0n _ 4) enough).
  rewrite mulrAC ler_pdivrMr //.
  rewrite -subr_ge0 (_ : _ - _ = 8%:R * sigma ^+ 2 * ln (8%:R / delta)
    * ((B ^+ 2 + 2%:R) * lambda_min - 1)); last by ring.
  by rewrite -el mulr_ge0 ?sqr_ge0 // mulr_ge0 ?(ltW L0) // mulr_ge0 ?sqr_ge0 ?ler0n.
move=> o A v r; split; first by rewrite mxE /= normr1.
apply: (feature_1_lost B1 _ room r) => i.
by rewrite mxE; case: (o i); rewrite ?normrN gtr0_norm.
Qed.

(** Counterexample A: [delta = 1/20], and the exact smallest eigenvalue. *)
Theorem counterexample_A :
  let lambda_min : R := 51%:R - 10%:R * sqrt 26%:R in
  hypotheses PhiA sA 1 20%:R^-1 sigmaA lambda_min 2 (noise sigmaA) /\
  forall o A v, run PhiA (PhiA *m sA + noise sigmaA o) 2 A v ->
    (1 : R) <= `|sA f1 0| /\ v f1 0 = 0.
Proof.
have -> : 51%:R - 10%:R * sqrt 26%:R = lambda_A by rewrite !natIZR.
have [root [/RltP l0 /RleP lb]] := lambda_A_root.
have ln160 : ln 160%:R <= 54%:R / 10%:R.
  have -> : 54%:R / 10%:R = Rdiv (IZR 54) (IZR 10).
    by rewrite RdivE -(natIZR 10) ?pnatr_eq0 // (natIZR 54).
  by rewrite (natIZR 160); apply/RleP; left; exact: ln_160.
apply: (@proposition_A 10%:R).
- by rewrite ltr1n.
- by rewrite invr_gt0 ltr0n invf_lt1 ?ltr0n ?ltr1n.
- exact: A_large.
- rewrite invrK -natrM /sigmaA.
  have -> : (3%:R / 100%:R) ^+ 2 * (2%:R * (10%:R ^+ 2 + 2%:R) * ln 160%:R)
    = 459%:R / 2500%:R * ln 160%:R by field.
  apply: (le_trans (ler_wpM2l _ ln160)); first by rewrite divr_ge0 ?ler0n.
  rewrite -subr_ge0 (_ : _ - _ = 107%:R / 12500%:R) ?divr_ge0 ?ler0n //; by field.
- by rewrite expr2 -natrX -natrD [LHS]root -(natIZR 100) -(natIZR 2) RplusE -natrD.
by rewrite l0 -natrX -div1r ler_pdivlMr ?ltr0n // (natIZR 100).
Qed.

Theorem Theorem_5_ii_is_false (delta : R) :
  0 < delta < 1 -> ~ Theorem_5_ii delta.
Proof.
move=> range T; set L := ln (8%:R / delta).
have L0 : 0 < L.
  case/andP: range => d0 d1.
  by rewrite ln_gt0 // ltr_pdivlMr // mul1r (lt_trans d1) // ltr1n.
have [B [sigma [/RltP B1 [/RltP room /RleP enough]]]] := room_for_sigma _ (elimT (RltP _ _) L0).
have b1 : 1 < B ^+ 2 by rewrite expr_gt1 // ltW // (lt_trans ltr01).
have [l [e [/RltP l0 /RleP lb]]] := small_root _ (elimT (RltP _ _) b1).
have [||||hyp lost] := @proposition_A B sigma delta l B1 range.
- have BB : 0 < B * (B - 1) by rewrite mulr_gt0 ?subr_gt0 // (lt_trans ltr01).
  by rewrite ltr_pdivrMr // (natIZR 2).
- by rewrite !expr2 (natIZR 2).
- by rewrite expr2 (natIZR 2).
- by rewrite l0 -div1r ler_pdivlMr // (lt_trans ltr01).
have [G [G_large success]] := T _ _ _ _ _ _ _ _ _ _ hyp.
have [o oG] : exists o, o \in G.
  apply/set0Pn; apply: contraTneq G_large => ->.
  by rewrite /prob cards0 mul0r -ltNge subr_gt0; case/andP: range.
have [A [v [r kept]]] := success o oG.
have [large v0] := lost o A v r.
by have := kept f1 large; rewrite v0 eqxx.
Qed.
